/** What cannot run, by the rules of the frameworks, and what is not modelled. */
package dev.vramcast.core.run.check;
