/** How long an estimate takes, and each part of it. */
package dev.vramcast.bench;
