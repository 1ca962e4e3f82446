//! Joulebook on a cluster, from a configuration: the programs, a community, its market with all tables.
//!
//! Everything is found out from accounts. What is there is compared and left alone, what is missing is created, what was begun is
//! gone on with. So a deployment can be interrupted at any moment and be run again, by anyone who has the keys.

#![forbid(unsafe_code)]

mod configuration;
mod contradictions;
mod costs;
mod deployment;
mod features;
mod founding;
pub mod programs;
mod record;
mod sandbox;

pub use configuration::{
    CommunityConfiguration, Configuration, KeysConfiguration, MarketConfiguration,
    ProgramsConfiguration, TokenConfiguration,
};
pub use costs::{Costs, Shares};
pub use deployment::{Deployment, DeploymentError, ProgramItem};
pub use features::{features, FeatureStatus};
pub use founding::{Founding, FoundingError, Item, Operator, Status};
pub use record::{ProgramRecord, Record};
pub use sandbox::{
    build_sandbox, sandbox_authority, DeviceState, HouseholdState, Member, MeterState, Programs,
    Sandbox, SandboxError, SandboxHousehold, SandboxParameters, TestToken, TokenState, Wallet,
};
