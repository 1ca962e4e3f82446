//! What positions should have paid.

use bolero::{check, ValueGenerator};
use joulebook_settlement::{
    position::{cost, due, final_due, Due, Flow},
    Contract,
};
use joulebook_units::{NetWh, Wh};

use super::{any_tariff, at_most_64_bits, cost_of};
use crate::{any_i64, any_u32, time};

fn any_contract() -> impl ValueGenerator<Output = Contract> {
    (any_u32(), any_u32()).map_gen(|(bought, sold)| Contract {
        bought: Wh(bought),
        sold: Wh(sold),
    })
}

fn parts(due: Due) -> (i128, bool, i128) {
    (due.pays.0.into(), due.is_confirmed, due.owed.0.into())
}

#[test]
fn given_any_position_when_due_then_128_bits_say_the_same() {
    check!()
        .with_test_time(time())
        .with_generator((any_contract(), any_i64(), any_tariff(), any_u32()))
        .for_each(|(contract, net, tariff, draw)| {
            let contracted = i128::from(contract.bought.0) - i128::from(contract.sold.0);
            let deviation = i128::from(*net) - contracted;
            let deviates = cost_of(deviation, tariff);
            let draws = (i128::from(*draw) * i128::from(tariff.short.0)).max(0);
            let (whole, partial) = (Flow::Whole(NetWh(*net)), Flow::Partial(NetWh(*net)));
            assert_eq!(
                i128::from(cost(NetWh(*net), *tariff).0),
                cost_of((*net).into(), tariff)
            );

            let heard = parts(due(*contract, whole, *tariff, Wh(*draw)));
            assert_eq!(heard, (deviates, true, 0));
            let last = parts(final_due(*contract, whole, *tariff, Wh(*draw)));
            assert_eq!(last, heard);
            let waits = parts(due(*contract, partial, *tariff, Wh(*draw)));
            let beyond = (i128::from(*net) - i128::from(contract.bought.0)).max(0);
            let measured = cost_of(beyond, tariff).max(0);
            assert_eq!(waits, (at_most_64_bits(measured + draws), false, 0));
            let silent = parts(final_due(*contract, partial, *tariff, Wh(*draw)));
            let pays = at_most_64_bits(deviates.max(0) + draws);
            let owed = at_most_64_bits((-deviates).max(0) + draws);
            assert_eq!(silent, (pays, true, owed));
        });
}
