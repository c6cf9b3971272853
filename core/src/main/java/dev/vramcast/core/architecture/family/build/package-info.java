/** What families build models from, and how they read keys of a config. */
package dev.vramcast.core.architecture.family.build;
