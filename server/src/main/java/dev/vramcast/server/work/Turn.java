package dev.vramcast.server.work;

import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.plan.search.Progress;

/**
 * What an answer gets when its turn has come.
 *
 * @param progress ends it when its time is over
 * @param helpers threads of the same work that have nothing else to do
 */
public record Turn(Progress progress, Helpers helpers) {}
