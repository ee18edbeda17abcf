import { Tag } from 'antd';

/** Can the candidate still leave: large, coloured and worded. */
export function PolicyBadge({ withdrawable }: { readonly withdrawable: boolean | null }) {
  const style = { fontSize: 14, padding: '2px 10px', marginInlineEnd: 0 };
  if (withdrawable === null) {
    return (
      <Tag style={style} color="error">
        未填写
      </Tag>
    );
  }
  return (
    <Tag style={style} color={withdrawable ? '#0958d9' : '#722ed1'} variant="solid">
      {withdrawable ? '可退档' : '不可退档'}
    </Tag>
  );
}
