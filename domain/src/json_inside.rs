//! Parts of a chart that are rarely there, and many-shaped: in the binary pages they stand as JSON, which every device can read
//! anyway. A second way of reading each of their shapes would be more to download than it saves.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _, ser::Error as _};

pub fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        return value.serialize(serializer);
    }
    let text = serde_json::to_string(value).map_err(|_| S::Error::custom("not to be written as JSON"))?;
    serializer.serialize_str(&text)
}

pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    if deserializer.is_human_readable() {
        return T::deserialize(deserializer);
    }
    let text = String::deserialize(deserializer)?;
    serde_json::from_slice(text.as_bytes()).map_err(|_| D::Error::custom("not the JSON it should be"))
}
