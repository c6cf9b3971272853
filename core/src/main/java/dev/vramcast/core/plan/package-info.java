/**
 * Which machine of a market to rent for a job, and with which settings: {@link
 * dev.vramcast.core.plan.Planner} searches every offer with every setting, and misses nothing.
 */
package dev.vramcast.core.plan;
