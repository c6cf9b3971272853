package dev.vramcast.sweep.product;

import dev.vramcast.core.hardware.Gpu;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a job is to run.
 *
 * @param count GPUs of the machine; empty where the job says how many
 * @param rent of an offer; empty for the cheapest one
 */
public record CardPlace(Gpu gpu, OptionalInt count, Optional<RentalPrice> rent) {}
