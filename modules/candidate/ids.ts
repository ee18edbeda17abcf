export type CandidateId = string & { readonly brand: 'CandidateId' };
export type PhoneId = string & { readonly brand: 'PhoneId' };
