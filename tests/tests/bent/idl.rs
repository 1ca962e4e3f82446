//! What the IDLs say: every instruction, every kind of account, every error.

use std::{collections::BTreeMap, fs, path::Path, str::FromStr};

use serde_json::Value;
use solana_account::ReadableAccount;
use solana_address::Address;
use solana_instruction::Instruction;

const PROGRAMS: [&str; 3] = ["registry", "oracle", "market"];

pub struct Idl {
    pub instructions: Vec<Described>,
    kinds: Vec<(Address, Vec<u8>, String)>,
    errors: BTreeMap<u32, String>,
}

pub struct Described {
    /// As in `market.place_orders`.
    pub name: String,
    pub program: Address,
    pub discriminator: Vec<u8>,
    /// Whether it calls other programs, and can be refused by them.
    pub calls: bool,
}

impl Idl {
    pub fn read() -> Idl {
        let mut idl = Idl {
            instructions: vec![],
            kinds: vec![],
            errors: BTreeMap::new(),
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl");
        for program in PROGRAMS {
            let text = fs::read_to_string(folder.join(program).with_extension("json"));
            let json = serde_json::from_str(&text.expect("it is committed"));
            idl.add(program, &json.expect("it is generated"));
        }
        idl
    }

    fn add(&mut self, program: &str, json: &Value) {
        let id =
            Address::from_str(text(&json["address"])).expect("an IDL has its program's address");
        for instruction in list(&json["instructions"]) {
            self.instructions.push(Described {
                name: format!("{program}.{}", text(&instruction["name"])),
                program: id,
                discriminator: bytes(&instruction["discriminator"]),
                calls: calls(&instruction["accounts"]),
            });
        }
        for account in list(&json["accounts"]) {
            let discriminator = bytes(&account["discriminator"]);
            self.kinds
                .push((id, discriminator, text(&account["name"]).to_string()));
        }
        for error in list(&json["errors"]) {
            let code = error["code"].as_u64().and_then(|code| code.try_into().ok());
            let name = format!("{program}.{}", text(&error["name"]));
            self.errors.insert(code.expect("codes are u32"), name);
        }
    }

    /// Which instruction this is.
    pub fn instruction(&self, instruction: &Instruction) -> Option<&Described> {
        self.instructions.iter().find(|described| {
            described.program == instruction.program_id
                && instruction.data.starts_with(&described.discriminator)
        })
    }

    /// The kind of a program's account, as in `Ledger`; `None` for what is none of the three programs'.
    pub fn kind(&self, account: &impl ReadableAccount) -> Option<&str> {
        let kind = self.kinds.iter().find(|(program, discriminator, _)| {
            program == account.owner() && account.data().starts_with(discriminator)
        });
        kind.map(|(_, _, name)| name.as_str())
    }

    pub fn is_program(&self, address: &Address) -> bool {
        self.kinds.iter().any(|(program, ..)| program == address)
    }

    pub fn error(&self, code: u32) -> Option<&str> {
        self.errors.get(&code).map(String::as_str)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("names are text")
}

fn bytes(value: &Value) -> Vec<u8> {
    let numbers = list(value).iter().map(Value::as_u64);
    numbers
        .map(|byte| byte.and_then(|byte| byte.try_into().ok()).expect("a byte"))
        .collect()
}

/// Accounts can be in groups.
fn calls(accounts: &Value) -> bool {
    list(accounts).iter().any(|account| {
        let name = text(&account["name"]);
        name.ends_with("_program") || calls(&account["accounts"])
    })
}
