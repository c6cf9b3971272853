/** Mixtures of experts: routers, and the ways to run experts. */
package dev.vramcast.core.module.experts;
