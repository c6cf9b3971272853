/** What a run takes beside its cards: memory of the machines and disk, episode by episode. */
@NullMarked
package dev.vramcast.core.life;

import org.jspecify.annotations.NullMarked;
