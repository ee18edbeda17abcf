import { create } from 'qrcode';

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
  readonly size?: number;
}

const quietZone = 2;

/** A QR code as one SVG path: sharp at any size, printable, nothing fetched. */
export function QrCode({ text, label, size = 168 }: QrCodeProps) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + quietZone * 2;
  const path = Array.from({ length: modules.size ** 2 }, (_unused, at) => at)
    .filter((at) => modules.data[at])
    .map((at) => `M${(at % modules.size) + quietZone} ${Math.floor(at / modules.size) + quietZone}h1v1h-1z`)
    .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      className="zz-qr"
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
