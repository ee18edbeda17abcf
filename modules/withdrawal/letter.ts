import { renderPdf, renderSvg } from '#platform/documents/pdf';

export interface LetterData {
  readonly college: string;
  readonly province: string;
  readonly year: number;
  readonly name: string;
  readonly candidateNo: string;
  readonly batch: string;
}

/**
 * The letter a candidate signs: to the college, from whom, of their own will and responsibility, with places for both
 * signatures (seed 000 part 二 3). Everything on it is the candidate's to sign or to leave.
 */
export const renderLetter = (data: LetterData): Promise<Buffer> =>
  renderPdf(template, { ...data, preview: false });

/** How the letter will look, as a picture (SVG) with 预览 across it: nobody takes it for the letter itself. */
export const previewLetter = (data: LetterData): Promise<Buffer> =>
  renderSvg(template, { ...data, preview: true });

const template = `
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: (x: 2.8cm, y: 3cm), fill: white, background: if data.preview {
  rotate(-28deg, text(font: "Noto Sans SC", size: 60pt, fill: rgb("#d9d9d9"))[预览 · 尚未登记])
})
#set text(font: "Noto Serif SC", size: 14pt, lang: "zh")
#set par(leading: 1.1em, first-line-indent: (amount: 2em, all: true), justify: true)
#align(center, text(size: 22pt, weight: "bold")[退档申请书])
#v(1.2cm)
#par(first-line-indent: 0em)[#data.college：]

本人 #data.name，#data.province #str(data.year) 年考生，考生号 #data.candidateNo，电子档案已投到贵校（#data.batch）。

经本人慎重考虑并与家长商量，现自愿申请退档，请予办理。本人知道：退档办理以后不能恢复，能否参加征集志愿或下一批次录取，以省教育考试院的规定为准；这一决定的结果由本人承担。

#v(1.6cm)
#set par(first-line-indent: 0em)
#grid(columns: (1fr, 1fr), row-gutter: 1.4cm,
  [考生签名：#box(width: 4cm, stroke: (bottom: 0.5pt))], [家长签名：#box(width: 4cm, stroke: (bottom: 0.5pt))],
  [日期：#h(1.6cm)年#h(0.8cm)月#h(0.8cm)日], [与考生关系：#box(width: 3cm, stroke: (bottom: 0.5pt))])
#v(1fr)
#set text(size: 10.5pt, fill: rgb("#555555"))
#line(length: 100%, stroke: 0.4pt)
交材料的办法：把签好名的申请书、考生身份证、准考证放在一起，拍成一张清楚的照片上传。材料只用于核对本次申请，由组长核对、录检组办理，到期删除。没有签名的申请不会办理；办理之前可以随时撤回。
`;
