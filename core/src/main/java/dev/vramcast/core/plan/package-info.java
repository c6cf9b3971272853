/**
 * Which machine of a market to rent for a job, and with which settings: {@link
 * dev.vramcast.core.plan.Planner} searches every offer with every setting, and misses nothing.
 */
@NullMarked
package dev.vramcast.core.plan;

import org.jspecify.annotations.NullMarked;
