/** What is said to a user whose input cannot be used. */
package dev.vramcast.core.input;
