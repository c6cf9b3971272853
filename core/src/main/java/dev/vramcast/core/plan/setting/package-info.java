/** The settings that a plan may change, and in what order they are tried. */
package dev.vramcast.core.plan.setting;
