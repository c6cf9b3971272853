/** Linear layers by storage of their weight, and the adapters on them. */
package dev.vramcast.core.module.linear;
