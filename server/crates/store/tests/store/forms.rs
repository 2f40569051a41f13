//! Drafts and form tokens.

use crate::support::{at, place};
use model::{FieldErrors, fields::FormAnswer, person::Role};
use store::{Error, drafts::Draft, tokens::FormToken};

#[tokio::test]
async fn a_form_has_one_draft_for_each_owner() {
    let place = place().await;
    let store = &place.store;
    let draft = |vip: &str, seconds| Draft {
        values: [("vip".to_owned(), vip.to_owned())].into(),
        errors: FieldErrors::one("vip", "“x” is no IPv4 address."),
        answer: None,
        at: at(seconds),
    };
    store.put_draft("person:1", "mdm", &draft("x", 1)).await.unwrap();
    let answered = Draft { answer: Some(FormAnswer::Certificate("ab:cd".into())), ..draft("x", 1) };
    store.put_draft("person:1", "mdm", &answered).await.unwrap();
    assert_eq!(store.draft("person:1", "mdm").await.unwrap(), Some(answered));
    store.put_draft("person:1", "mdm", &draft("y", 2)).await.unwrap();
    store.put_draft("person:2", "mdm", &draft("z", 3)).await.unwrap();
    store.put_draft("browser:abc", "sign-in", &Draft { errors: FieldErrors::default(), ..draft("", 1) }).await.unwrap();
    assert_eq!(store.draft("person:1", "mdm").await.unwrap(), Some(draft("y", 2)));
    assert_eq!(store.draft("person:1", "mam").await.unwrap(), None);

    assert!(store.drop_draft("person:1", "mdm").await.unwrap());
    assert!(!store.drop_draft("person:1", "mdm").await.unwrap());
    assert_eq!(store.draft("person:1", "mdm").await.unwrap(), None);
    assert_eq!(store.purge_drafts(at(3)).await.unwrap(), 1);
    assert_eq!(store.draft("person:2", "mdm").await.unwrap(), Some(draft("z", 3)));
}

#[tokio::test]
async fn a_draft_s_secret_is_one_form_s_and_goes_with_it() {
    let place = place().await;
    let store = &place.store;
    let put = async |owner: &str, sealed: &[u8], seconds: i64, over: i64| {
        store.put_draft_secret(owner, "appliance:new", sealed.to_vec(), at(seconds), at(over)).await.unwrap();
    };
    let kept = async |owner: &str, form: &str| store.draft_secret(owner, form).await.unwrap();
    put("person:1", b"one", 100, 40).await;
    put("person:1", b"two", 101, 41).await;
    put("person:2", b"three", 102, 42).await;
    assert_eq!(kept("person:1", "appliance:new").await, Some((b"two".to_vec(), at(101))));
    assert_eq!(kept("person:1", "appliance:7").await, None);
    assert!(!store.drop_draft("person:1", "appliance:new").await.unwrap(), "there was no draft beside it");
    assert_eq!(kept("person:1", "appliance:new").await, None);
    put("person:3", b"four", 170, 110).await;
    assert_eq!(kept("person:2", "appliance:new").await, None, "whose time was over");
    store.drop_draft_secret("person:3", "appliance:new").await.unwrap();
    put("person:3", b"five", 171, 111).await;
    assert_eq!(store.purge_draft_secrets(at(171)).await.unwrap(), 0);
    assert_eq!(store.purge_draft_secrets(at(172)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_form_token_is_fresh_once() {
    let place = place().await;
    let store = &place.store;
    let anna = Some(store.add_person("anna", Role::Operator, "h", at(1)).await.unwrap().id);
    let used = |went_to: Option<&str>| FormToken::Used { went_to: went_to.map(Into::into) };
    assert_eq!(store.use_form_token("t1", anna, at(1)).await.unwrap(), FormToken::Fresh);
    assert_eq!(store.use_form_token("t1", anna, at(2)).await.unwrap(), used(None), "still at work");
    store.form_token_went_to("t1", "/clusters/7").await.unwrap();
    assert_eq!(store.use_form_token("t1", anna, at(3)).await.unwrap(), used(Some("/clusters/7")));
    assert_eq!(store.use_form_token("t1", None, at(3)).await.unwrap(), used(None), "not theirs to know");

    assert_eq!(store.use_form_token("t2", None, at(9)).await.unwrap(), FormToken::Fresh);
    store.form_token_went_to("t2", "/").await.unwrap();
    assert_eq!(store.use_form_token("t2", None, at(9)).await.unwrap(), used(Some("/")));
    assert!(matches!(store.form_token_went_to("t3", "/").await, Err(Error::NotFound)));

    assert_eq!(store.purge_form_tokens(at(9)).await.unwrap(), 1);
    assert_eq!(store.use_form_token("t1", anna, at(10)).await.unwrap(), FormToken::Fresh);
}
