export * from "./bill-lines.js";
export {
  deviceMessages,
  type BoundaryRegisters,
  type DeviceMessage,
  type MeterTableTerms,
} from "./device-messages.js";
export { isSignedByDevice, type SignedMessage } from "./device-signature.js";
export * from "./proof.js";
export { LONGEST_PROOF, proveBill, type BillTime, type ProofOptions } from "./prove.js";
export { SignedRegisters, type HouseholdMeter, type Origin } from "./signed-registers.js";
export {
  readTransaction,
  type PastInstruction,
  type SignedTransaction,
  type ToldTransaction,
} from "./transaction.js";
