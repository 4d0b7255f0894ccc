//! Changing one's picture.

use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

use crate::avatar::Avatar;
use crate::session::Actor;
use crate::store::NewAvatar;
use crate::{Auth, Context, ErrorCode, EventKind, Field, Refusal, Result};

/// How long a picture waits for those before it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes the picture of a file the caller's. It gets a new id, and the one before leads nowhere.
///
/// # Errors
/// [`ErrorCode::SignedOut`], an issue of [`Field::Avatar`], or [`ErrorCode::Busy`] when too many
/// pictures or hashes wait.
pub async fn change_avatar(auth: &Auth, actor: impl Into<Actor>, file: Vec<u8>, context: &Context) -> Result<()> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let avatar = read_picture(auth, file, Field::Avatar).await?;
    let id = auth.random.token();
    let mut tx = auth.store.begin().await?;
    tx.set_avatar(NewAvatar {
        id: id.expose_secret(),
        user_id: &actor.user_id,
        avatar: &avatar,
        created_at: auth.now(),
    })
    .await?;
    auth.audit(&mut tx, EventKind::UserAvatarChanged, actor.subject(), context).await?;
    tx.commit().await?;
    Ok(())
}

/// One picture at a time, on one hash thread: it may take 200 MiB while it is read, and the others
/// go on signing people in.
pub(in crate::flow) async fn read_picture(auth: &Auth, file: Vec<u8>, field: Field) -> Result<Avatar> {
    let Ok(turn) = timeout(PATIENCE, Arc::clone(&auth.pictures).lock_owned()).await else {
        return Err(Refusal::retry_after(ErrorCode::Busy, 2).into());
    };
    let work = move || {
        let avatar = Avatar::from_upload(&file);
        // Not before: whoever asked may have gone, and the thread is still at it.
        drop(turn);
        avatar
    };
    auth.hashes.run(work).await?.map_err(|issue| Refusal::invalid(vec![(field, issue)]).into())
}
