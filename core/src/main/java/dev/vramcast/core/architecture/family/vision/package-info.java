/** Towers that turn images and sound into tokens. */
package dev.vramcast.core.architecture.family.vision;
