/** What all modules are made of: norms, multilayer perceptrons, and their inputs. */
@NullMarked
package dev.vramcast.core.module.part;

import org.jspecify.annotations.NullMarked;
