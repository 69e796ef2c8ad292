//! The style sheet, the script, the typeface and the icon: built into the program.

use crate::error::WebError;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub(crate) async fn asset(Path(path): Path<String>) -> Result<Response, WebError> {
    let asset = pages::asset(&path).ok_or(WebError::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, asset.cache_control())];
    Ok((headers, asset.bytes).into_response())
}
