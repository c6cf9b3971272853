package dev.vramcast.core.job.code;

/**
 * What a framework does about attention whatever the model.
 *
 * @param expandsHeads keys and values are repeated for every query head
 * @param fusedProjection query, key and value are slices of one projection
 * @param concatenatesRotary the rotated part is put into a new tensor even where it is all
 * @param rotatesApart query and key are rotated one after the other, not by one function
 * @param masksSdpa SDPA gets a mask where tokens are padding or a window binds
 * @param keepsCudnn selective checkpointing keeps what cuDNN's attention makes
 */
public record AttentionCode(
    boolean expandsHeads,
    boolean fusedProjection,
    boolean concatenatesRotary,
    boolean rotatesApart,
    boolean masksSdpa,
    boolean keepsCudnn) {}
