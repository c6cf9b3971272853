/** The model as modules: embedding, layers and head, put together from the parts below. */
package dev.vramcast.core.module;
