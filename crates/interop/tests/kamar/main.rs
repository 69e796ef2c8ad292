//! What a school's KAMAR sends: fixtures made anew in the shapes that schools' servers have sent,
//! their twins in XML, hostile bodies, and bodies changed at random. People are made up.

mod corpus;
mod fixtures;
mod hostile;
mod least_data;
mod marks;
mod people;
mod reading;
mod timetables;
mod twins;
