//! Every statement of the store is run here, against real files. One binary, one module for each of the store's.

#[cfg(test)]
mod fleet;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod health;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod observed;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod people;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod records;
#[cfg(test)]
mod search;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod stretches;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unreadable;
#[cfg(test)]
mod writing;
#[cfg(test)]
mod written_once;
