use joulebook_client::{
    addresses::Rings,
    layout::market::{ImbalancePrices, MarketTerms},
    oracle::{
        instructions::ChangeDeviceInstructionArgs,
        types::{FinalRegisters, MeterDetails},
    },
};
use solana_hash::Hash;
use solana_message::v0;
use solana_signature::Signature;
use solana_system_interface::instruction as system;

use super::*;

struct World {
    addresses: Addresses,
    genesis: Address,
    asks: Keypair,
    agrees: Keypair,
}

fn world() -> World {
    let [community, mint, program] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
    let rings = Rings {
        market: 0,
        window_seconds: 900,
        page_windows: 96,
        books: 3,
        pages: 6,
    };
    World {
        addresses: Addresses::new(community, mint, program, rings),
        genesis: Address::new_from_array([9; 32]),
        asks: Keypair::new_from_array([7; 32]),
        agrees: Keypair::new_from_array([8; 32]),
    }
}

fn terms() -> MarketTerms {
    MarketTerms {
        keeper_reward: 1,
        horizon: 3_600,
        gate_lead: 300,
        metering_grace: 0,
        floor_price: 0,
        tick_size: 100,
        min_quantity: 1,
        grid_fee: 10_000,
        utc_offset: 3_600,
        holidays: [0; 16],
        min_lock: 1,
        fee_bps: 0,
        max_silent: 0,
        draw_after: 0,
        reserved: [0; 6],
    }
}

impl World {
    fn changes(&self) -> Vec<CoSigned> {
        let owner = self.agrees.pubkey();
        let registers = FinalRegisters {
            import: 5,
            export: 6,
        };
        vec![
            CoSigned::RegisterMeter {
                owner,
                details: MeterDetails {
                    device: [4; 32],
                    key_kind: 0,
                    zone: 0,
                    asset_kind: 5,
                    source: 1,
                    max_import: 10_000,
                    max_export: 5_000,
                    standard_draw: 0,
                    import: 0,
                    export: 0,
                },
            },
            CoSigned::PowerLimits {
                owner,
                meter: 3,
                max_import: 20_000,
                max_export: 0,
            },
            CoSigned::StandardDraw {
                owner,
                meter: 3,
                standard_draw: 100,
            },
            CoSigned::ChangeDevice {
                owner,
                change: ChangeDeviceInstructionArgs {
                    meter: 3,
                    device: [5; 32],
                    key_kind: 1,
                    last: registers.clone(),
                    import: 0,
                    export: 0,
                },
            },
            CoSigned::RetireMeter {
                owner,
                meter: 3,
                registers: Some(registers),
            },
            CoSigned::Terms {
                supplier: owner,
                terms: Box::new(terms()),
            },
            CoSigned::Tariff {
                supplier: owner,
                working_day: true,
                first_half_hour: 12,
                entries: vec![ImbalancePrices { short: 3, long: 1 }; 36],
            },
        ]
    }

    fn nonce(&self) -> Nonce {
        Nonce {
            account: Address::new_from_array([6; 32]),
            authority: self.asks.pubkey(),
            value: Hash::new_from_array([5; 32]),
        }
    }

    /// As the cluster's client makes it.
    fn transaction(&self, instructions: &[Instruction]) -> VersionedTransaction {
        let mut all = vec![
            self.nonce().advance(),
            ComputeBudgetInstruction::set_compute_unit_limit(200_000),
        ];
        all.extend_from_slice(instructions);
        let payer = self.asks.pubkey();
        let message = Message::new_with_blockhash(&all, Some(&payer), &self.nonce().value);
        self.signed(VersionedMessage::Legacy(message))
    }

    fn signed(&self, message: VersionedMessage) -> VersionedTransaction {
        let count = usize::from(message.header().num_required_signatures);
        let mut signatures = vec![Signature::default(); count];
        signatures[0] = self.asks.sign_message(&message.serialize());
        VersionedTransaction {
            signatures,
            message,
        }
    }

    fn instruction(&self, change: &CoSigned) -> Instruction {
        change.instruction(&self.addresses, Actor::authority(self.asks.pubkey()))
    }

    fn file(&self, transaction: &VersionedTransaction) -> CoSignatureFile {
        CoSignatureFile::new(&self.genesis, &self.addresses.market, transaction).expect("written")
    }

    fn examine(&self, file: &CoSignatureFile) -> Result<Request, FileError> {
        file.examine(&self.genesis, &self.addresses, &self.agrees.pubkey())
    }

    fn said(&self, instructions: &[Instruction]) -> String {
        let file = self.file(&self.transaction(instructions));
        self.examine(&file).expect_err("refused").to_string()
    }
}

#[test]
fn given_a_file_of_each_kind_when_it_is_examined_then_it_says_what_is_in_it_and_can_be_signed() {
    let world = world();
    for change in world.changes() {
        for actor in [
            Actor::authority(world.asks.pubkey()),
            Actor::participant(&world.addresses, world.asks.pubkey()),
        ] {
            let of_market = matches!(change, CoSigned::Terms { .. } | CoSigned::Tariff { .. });
            if of_market && actor.participant.is_some() {
                continue;
            }
            let instruction = change.instruction(&world.addresses, actor);
            let file = world.file(&world.transaction(&[instruction]));
            let bytes = serde_json::to_vec(&file).expect("JSON");
            let file = CoSignatureFile::parse(&bytes).expect("a file");
            let request = world.examine(&file).expect("a request");
            assert_eq!(request.change, change);
            assert_eq!((request.actor, request.fee), (actor, 10_000));
            assert_eq!(request.nonce, world.nonce());
            let signed = request.signed(&world.agrees);
            let message = signed.message.serialize();
            let keys = signed.message.static_account_keys();
            assert_eq!(signed.signatures.len(), 2);
            for (signature, key) in signed.signatures.iter().zip(keys) {
                assert!(signature.verify(key.as_ref(), &message));
            }
        }
    }
}

#[test]
fn given_a_file_when_any_byte_of_its_transaction_is_changed_then_nothing_else_is_signed() {
    let world = world();
    let change = &world.changes()[0];
    let file = world.file(&world.transaction(&[world.instruction(change)]));
    let bytes = STANDARD.decode(&file.transaction).expect("base64");
    let own = world.agrees.pubkey();
    for place in 0..bytes.len() {
        for flip in [1, 0x80] {
            let mut bent = bytes.clone();
            bent[place] ^= flip;
            let bent = CoSignatureFile {
                transaction: STANDARD.encode(bent),
                ..file.clone()
            };
            if let Ok(request) = world.examine(&bent) {
                // The place for the signature that is missing.
                assert_eq!(&request.change, change, "byte {place}");
                assert_eq!(request.change.agreeing(), own);
            }
        }
    }
    for short in 0..bytes.len() {
        let cut = CoSignatureFile {
            transaction: STANDARD.encode(&bytes[..short]),
            ..file.clone()
        };
        assert!(world.examine(&cut).is_err(), "{short} bytes");
    }
    let longer = CoSignatureFile {
        transaction: STANDARD.encode([&bytes[..], &[0]].concat()),
        ..file
    };
    assert!(world.examine(&longer).is_err());
}

#[test]
fn given_a_transaction_that_does_more_when_it_is_examined_then_it_is_refused() {
    let world = world();
    let change = world.instruction(&world.changes()[0]);
    let (asks, agrees) = (world.asks.pubkey(), world.agrees.pubkey());
    let theft = system::transfer(&agrees, &asks, 1);
    let unknown = "the transaction does something that a file may not ask for; don't sign it";
    assert_eq!(world.said(&[theft.clone(), change.clone()]), unknown);
    assert_eq!(world.said(&[change.clone(), theft.clone()]), unknown);
    assert_eq!(world.said(&[theft]), unknown);
    assert_eq!(world.said(&[change.clone(), change.clone()]), unknown);
    let withdrawal = world.addresses.withdraw(agrees, asks, 0, 1);
    assert_eq!(world.said(&[withdrawal]), unknown);
    // Of another community, under this one's name.
    let mut other = change.clone();
    other.accounts[3].pubkey = Address::new_from_array([77; 32]);
    assert_eq!(world.said(&[other]), unknown);
    let mut more = change.clone();
    more.data.push(0);
    assert_eq!(world.said(&[more]), unknown);
    let twice = ComputeBudgetInstruction::set_compute_unit_limit(1);
    assert_eq!(world.said(&[twice, change.clone()]), unknown);
    let heap = ComputeBudgetInstruction::request_heap_frame(64 * 1024);
    assert_eq!(world.said(&[heap, change.clone()]), unknown);
    // The wallet as one that may be written to.
    let mut written = change;
    written.accounts[5].is_writable = true;
    assert_eq!(
        world.said(&[written]),
        "the transaction does more than what it says; don't sign it"
    );
}

#[test]
fn given_a_transaction_without_a_nonce_or_with_addresses_from_tables_when_examined_then_it_is_refused(
) {
    let world = world();
    let change = world.instruction(&world.changes()[0]);
    let payer = world.asks.pubkey();
    let units = ComputeBudgetInstruction::set_compute_unit_limit(1);
    let message =
        Message::new_with_blockhash(&[units, change.clone()], Some(&payer), &Hash::default());
    let expiring = world.signed(VersionedMessage::Legacy(message));
    let all = [world.nonce().advance(), change];
    let message = v0::Message::try_compile(&payer, &all, &[], Hash::default()).expect("compiled");
    let versioned = world.signed(VersionedMessage::V0(message));
    for transaction in [expiring, versioned] {
        let examined = world.examine(&world.file(&transaction));
        assert!(matches!(examined, Err(FileError::UnknownKind)));
    }
}

#[test]
fn given_a_file_for_somebody_or_somewhere_else_when_it_is_examined_then_it_says_so() {
    let world = world();
    let change = &world.changes()[0];
    let file = world.file(&world.transaction(&[world.instruction(change)]));
    let other = Address::new_from_array([42; 32]);
    let (genesis, addresses) = (&world.genesis, &world.addresses);
    let examined = file.examine(&other, addresses, &world.agrees.pubkey());
    assert!(matches!(examined, Err(FileError::OtherCluster { .. })));
    let examined = file.examine(genesis, addresses, &other);
    assert!(matches!(examined, Err(FileError::ForAnother { .. })));
    let examined = file.examine(genesis, addresses, &world.asks.pubkey());
    assert!(matches!(examined, Err(FileError::YouPay)));
    let elsewhere = CoSignatureFile {
        market: other.to_string(),
        ..file.clone()
    };
    assert!(matches!(
        world.examine(&elsewhere),
        Err(FileError::OtherMarket { .. })
    ));
    let mut unsigned = world.transaction(&[world.instruction(change)]);
    unsigned.signatures[0] = Signature::default();
    assert!(matches!(
        world.examine(&world.file(&unsigned)),
        Err(FileError::BadSignature(_))
    ));
}

#[test]
fn given_what_is_no_file_when_it_is_read_then_it_is_refused() {
    let said = |bytes: &[u8]| {
        let error = CoSignatureFile::parse(bytes).expect_err("refused");
        error.to_string()
    };
    for wrong in [&b""[..], b"{}", b"\xff\xfe", b"[1,2,3]", &[b' '; 20_000]] {
        assert!(said(wrong).starts_with("this is no file that asks for a signature"));
    }
    let newer = br#"{"version":2,"genesisHash":"","market":"","transaction":""}"#;
    assert!(said(newer).starts_with("the file is of version 2"));
    let more =
        br#"{"version":1,"genesisHash":"","market":"","transaction":"","label":"free money"}"#;
    assert!(said(more).contains("label"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("none");
    assert!(CoSignatureFile::read(&path).is_err());
}
