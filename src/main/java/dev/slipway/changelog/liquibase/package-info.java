/// The reader for Liquibase changelogs. Files are read and ids found without Liquibase; Liquibase
/// itself reads the changesets that are pending and writes their SQL.
@NullMarked
package dev.slipway.changelog.liquibase;

import org.jspecify.annotations.NullMarked;
