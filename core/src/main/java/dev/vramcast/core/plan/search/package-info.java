/** The search over machines and settings, nearest to the best first. */
package dev.vramcast.core.plan.search;
