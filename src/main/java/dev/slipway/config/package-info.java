/// Configuration as .NET has it: where settings come from, and what a connection string says.
@NullMarked
package dev.slipway.config;

import org.jspecify.annotations.NullMarked;
