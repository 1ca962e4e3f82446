use joulebook_sim::{in_sol, simulation::Pages, AccountRent};
use joulebook_units::Seconds;

use super::length::length;
use crate::{
    counted::{counted, verb_of},
    paragraph::fill,
};

/// How late values may come, and the rent that is locked for it.
pub fn render_pages(pages: &Pages, window: Seconds, rents: &[AccountRent]) -> String {
    let page = pages.page_length(window);
    let locked: u64 = rents
        .iter()
        .filter(|rent| rent.name.ends_with("pages"))
        .map(|rent| rent.rent_lamports)
        .sum();
    fill(&format!(
        "{}, {}, {} a page. Readings of its meters count until {} after its end, corrections by a verifier \
         until {} after it, and what was settled changes with them. Then the page is final. That takes {} in the \
         market and as many at the oracle; they lock {} SOL of rent",
        counted(pages.windows.into(), "window"),
        length(page.0),
        verb_of(pages.windows.into(), "make"),
        length(pages.reading_seconds.into()),
        length(pages.correction_seconds.into()),
        counted(pages.pages.into(), "page"),
        in_sol(locked)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rent_is_that_of_both_kinds_of_pages() {
        let rent = |name, rent_lamports| AccountRent {
            name,
            accounts: 6,
            bytes: 1,
            rent_lamports,
        };
        let pages = Pages {
            windows: 96,
            pages: 6,
            reading_seconds: 129_600,
            correction_seconds: 172_800,
        };
        let text = render_pages(
            &pages,
            Seconds(900),
            &[
                rent("books", 7_000_000_000),
                rent("pages", 2_000_000_000),
                rent("interval pages", 500_000_000),
            ],
        );
        let expected = "\
96 windows, 1 day, make a page. Readings of its meters count until 36 hours
after its end, corrections by a verifier until 2 days after it, and what was
settled changes with them. Then the page is final. That takes 6 pages in the
market and as many at the oracle; they lock 2.500 SOL of rent";
        assert_eq!(text, expected);
    }
}
