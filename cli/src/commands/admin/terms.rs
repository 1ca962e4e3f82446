use clap::Args;
use joulebook_cluster::{term_changes, Amount};
use joulebook_operations::{governance::NewTerms, CoSigned};

use crate::{
    command_error::CommandError,
    commands::{
        access::{told, Access, Role},
        co_signing::CoSigning,
    },
    output, paragraph,
};

/// Change the market's terms, for windows that start after its notice period.
///
/// What is not named stays. Local time and holidays decide which tariff applies: with them, the supplier signs, too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook admin terms --grid-fee 0.05 --config operations.toml
  joulebook admin terms --holidays 20813,20816 --file terms.json \\
      --config operations.toml")]
pub struct TermsArgs {
    /// What a keeper gets for an allocation, tokens
    #[arg(long, value_name = "AMOUNT")]
    keeper_reward: Option<Amount>,
    /// How long before its start a window opens
    #[arg(long, value_name = "SECONDS")]
    horizon: Option<u32>,
    /// How long before its start its gate closes
    #[arg(long, value_name = "SECONDS")]
    gate_lead: Option<u32>,
    /// How long after its end a silent meter is charged its standard draw
    #[arg(long, value_name = "SECONDS")]
    metering_grace: Option<u32>,
    /// Local grid fee on bought energy, tokens per kWh
    #[arg(long, value_name = "AMOUNT")]
    grid_fee: Option<Amount>,
    /// Market fee on the value of bought energy, basis points
    #[arg(long, value_name = "BPS")]
    market_fee: Option<u16>,
    /// Smallest order, Wh
    #[arg(long, value_name = "WH")]
    min_quantity: Option<u32>,
    /// Final windows with a silent meter before a seat can't order any more
    #[arg(long, value_name = "WINDOWS")]
    max_silent: Option<u16>,
    /// Silent windows in a row before the standard draw is charged
    #[arg(long, value_name = "WINDOWS")]
    draw_after: Option<u16>,
    /// How far local clocks are ahead of UTC
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    utc_offset: Option<i32>,
    /// Days that have the tariff of a free day, since 1970-01-01; 0 for none
    #[arg(long, value_name = "DAY", value_delimiter = ',')]
    holidays: Option<Vec<u32>>,
    #[command(flatten)]
    co_signing: CoSigning,
}

pub async fn run(access: &Access, args: &TermsArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let change = NewTerms {
        keeper_reward: args.keeper_reward,
        horizon: args.horizon,
        gate_lead: args.gate_lead,
        metering_grace: args.metering_grace,
        grid_fee: args.grid_fee,
        fee_bps: args.market_fee,
        min_quantity: args.min_quantity,
        max_silent: args.max_silent,
        draw_after: args.draw_after,
        utc_offset: args.utc_offset,
        holidays: args.holidays.clone(),
    };
    let changed = session.new_terms(&change).await.map_err(told)?;
    let asked = CoSigned::Terms {
        supplier: session.supplier().await.map_err(told)?,
        terms: Box::new(changed.terms),
    };
    if changed.of_supplier {
        return args.co_signing.carry_out(access, &session, &asked).await;
    }
    for line in term_changes(&changed.before, &changed.terms, session.decimals) {
        output::line(&paragraph::fill(&line))?;
    }
    access.confirm("These are the changes.")?;
    let plan = session.set_terms(&changed).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
