/** What mixes tokens in a layer: attention and what stands in its place. */
package dev.vramcast.core.architecture.mixer;
