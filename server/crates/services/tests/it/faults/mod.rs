//! The table of all fault switches of the lab: each makes the verdict anything but green within two looks, the finding names
//! the cause, nothing else goes red that is not a consequence, and when it is lifted all is green again within two looks.

mod appliance;
mod bench;
mod clocks;
mod honest;
mod nodes;
mod unknown;
