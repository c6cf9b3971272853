/**
 * Which machine of a market to rent for a job, and with which settings: {@link
 * dev.tunefit.core.plan.Planner} searches every offer with every setting, and misses nothing.
 */
package dev.tunefit.core.plan;
