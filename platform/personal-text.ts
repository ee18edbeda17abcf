const MOBILE = /(?<![0-9a-zA-Z-])(1\d{2})\d{4}(\d{4})(?![0-9a-zA-Z-])/g;
const IDENTITY = /(?<![0-9a-zA-Z-])(\d{3})\d{11,14}([\dXx])(?![0-9a-zA-Z-])/g;

/** Mobile and identity numbers in a text that should hold none, masked: what people type into a reason, what an error quotes. */
export const maskText = (text: string): string =>
  text.replace(MOBILE, '$1****$2').replace(IDENTITY, '$1***********$2');
