// A small program that has one of everything.

const field = (name, type, ...docs) => ({ name, type, docs });
const row = (name, ...fields) => ({
  name,
  docs: [`One ${name}.`],
  serialization: "bytemuck",
  repr: { kind: "c" },
  type: { kind: "struct", fields },
});
const enumeration = (name, ...variants) => ({
  name,
  type: { kind: "enum", variants: variants.map((variant) => ({ name: variant })) },
});
const link = (name) => ({ defined: { name } });

export const bank = () => ({
  address: "11111111111111111111111111111111",
  metadata: { name: "bank", version: "0.1.0", spec: "0.1.0" },
  instructions: [
    {
      name: "deposit",
      discriminator: [1, 0, 0, 0, 0, 0, 0, 0],
      accounts: [
        {
          name: "vault",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [...Buffer.from("vault")] }] },
        },
      ],
      args: [
        { name: "amount", type: "u64" },
        { name: "coins", type: { vec: link("Coin") } },
        { name: "kind", type: link("Kind") },
      ],
    },
  ],
  accounts: [
    { name: "CoinTable", discriminator: [2, 0, 0, 0, 0, 0, 0, 0] },
    { name: "Shelf", discriminator: [3, 0, 0, 0, 0, 0, 0, 0] },
  ],
  events: [{ name: "Deposited", discriminator: [4, 0, 0, 0, 0, 0, 0, 0] }],
  errors: [{ code: 6000, name: "Odd", msg: 'a "quote", a `tick`, ${braces} and \\' }],
  types: [
    row("CoinTable", field("owner", "pubkey"), field("capacity", "u16")),
    row("Shelf", field("boxes", "u16")),
    row("Coin", field("id", "u64"), field("locked", "u64"), field("state", "u8")),
    enumeration("CoinState", "Gone", "There"),
    enumeration("Kind", "Small", "Large"),
    {
      name: "Deposited",
      docs: ["Something came in."],
      type: { kind: "struct", fields: [field("amount", "u64"), field("first", link("Coin"))] },
    },
  ],
  constants: [
    { name: "COIN_TABLE_ROWS", type: "string", value: '"coins: Coin[capacity]"' },
    { name: "SHELF_ROWS", type: "string", value: '"boxes: Coin[boxes], lids: Coin[boxes * 2]"' },
    { name: "MAX_COINS", docs: ["What a table holds."], type: "u16", value: "512" },
    { name: "MAX_AMOUNT", type: "u64", value: "1000" },
    { name: "SEED", type: "bytes", value: "[118, 97]" },
  ],
});
