/** What all modules are made of: norms, multilayer perceptrons, and their inputs. */
package dev.vramcast.core.module.part;
