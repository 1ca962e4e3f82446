use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    spanned::Spanned, Error, Field, GenericArgument, Ident, ItemStruct, PathArguments, Result, Type,
};

pub fn expand(item: ItemStruct) -> Result<TokenStream> {
    let (name, visibility) = (&item.ident, &item.vis);
    let docs = item.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let fields: Vec<&Field> = item.fields.iter().collect();
    let names: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let field_docs = fields.iter().map(|field| {
        let docs = field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"));
        quote! { #(#docs)* }
    });
    let types = fields
        .iter()
        .map(|field| taken_as(field))
        .collect::<Result<Vec<_>>>()?;
    // The interface description is Anchor's own, from the same struct.
    let mut description = item.clone();
    description.ident = description_of(name);
    Ok(quote! {
        #[cfg(feature = "idl-build")]
        #[derive(Accounts)]
        #description

        #(#docs)*
        #visibility struct #name {
            #(#field_docs pub #names: #types,)*
        }

        impl joulebook_common::hot::TakeAccounts for #name {
            #[inline(always)]
            fn take(
                accounts: &mut joulebook_common::hot::Accounts,
            ) -> core::result::Result<Self, anchor_lang::error::ErrorCode> {
                Ok(#name {
                    #(#names: joulebook_common::hot::TakeAccount::take(accounts)?,)*
                })
            }
        }
    })
}

/// What the Anchor accounts are called that describe the hot accounts `name`.
pub fn description_of(name: &Ident) -> Ident {
    format_ident!("{name}Description")
}

/// The hot type of a field.
fn taken_as(field: &Field) -> Result<TokenStream> {
    let unknown = || {
        Error::new(
            field.ty.span(),
            "hot accounts are Signer<'info> or AccountLoader<'info, T>, with #[account(mut)] to write",
        )
    };
    let Type::Path(path) = &field.ty else {
        return Err(unknown());
    };
    let last = path.path.segments.last().ok_or_else(unknown)?;
    let is_known =
        |attr: &&syn::Attribute| attr.path().is_ident("doc") || attr.path().is_ident("account");
    if let Some(other) = field.attrs.iter().find(|attr| !is_known(attr)) {
        return Err(Error::new(
            other.span(),
            "hot accounts are always taken: only comments and #[account(mut)]",
        ));
    }
    let constraints: Vec<_> = field
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("account"))
        .collect();
    let is_mut = match constraints.as_slice() {
        [] => false,
        [one] => one.parse_args::<syn::Token![mut]>().map(|_| true)?,
        _ => return Err(unknown()),
    };
    match (last.ident.to_string().as_str(), is_mut) {
        ("Signer", false) => Ok(quote! { joulebook_common::hot::Signer }),
        ("AccountLoader", _) => {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                return Err(unknown());
            };
            let Some(GenericArgument::Type(held)) = arguments.args.last() else {
                return Err(unknown());
            };
            Ok(match is_mut {
                true => quote! { joulebook_common::hot::Writable<#held> },
                false => quote! { joulebook_common::hot::Readable<#held> },
            })
        }
        _ => Err(unknown()),
    }
}
