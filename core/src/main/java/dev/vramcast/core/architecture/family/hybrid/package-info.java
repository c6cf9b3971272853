/** Families whose layers are not all attention: Mamba, delta rules, convolutions. */
package dev.vramcast.core.architecture.family.hybrid;
