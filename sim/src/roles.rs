//! Roles as the instructions take them: bits.

use joulebook_client::layout::registry::Roles;

pub const CONSUMER: u16 = Roles::CONSUMER.0;
pub const PRODUCER: u16 = Roles::PRODUCER.0;
pub const STORAGE: u16 = Roles::STORAGE.0;
pub const GATEWAY: u16 = Roles::GATEWAY.0;
pub const VERIFIER: u16 = Roles::VERIFIER.0;
pub const AUDITOR: u16 = Roles::AUDITOR.0;
pub const OPERATOR: u16 = Roles::OPERATOR.0;
pub const EMERGENCY: u16 = Roles::EMERGENCY.0;
/// All that one who trades can have: every role but emergency.
pub const ALL: u16 = Roles::ALL.0 & !EMERGENCY;
/// All that an emergency participant can have: every role but those that buy or sell.
pub const ALL_BUT_TRADING: u16 = Roles::ALL.0 & !Roles::TRADING.0;
/// Each of those that buy or sell.
pub const TRADING: [u16; 3] = [CONSUMER, PRODUCER, STORAGE];
/// Those that only the authority grants.
pub const PRIVILEGED: [u16; 4] = [VERIFIER, AUDITOR, OPERATOR, EMERGENCY];
