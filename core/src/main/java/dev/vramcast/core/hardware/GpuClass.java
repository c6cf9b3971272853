package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/** What a device is sold for, which decides what it is put into. */
public enum GpuClass implements Named {
  /** Servers. */
  DATACENTER("datacenter"),
  /** Workstations: NVIDIA's RTX A and RTX PRO cards and those once called Quadro. */
  WORKSTATION("workstation"),
  /** Desktop computers: GeForce. */
  CONSUMER("consumer"),
  /** Laptops, which decide how much power a card gets. */
  LAPTOP("laptop"),
  /** Small computers whose processor shares the memory, of which the system takes a part. */
  UNIFIED("unified");

  private final String label;

  GpuClass(String label) {
    this.label = label;
  }

  /** Whether it is part of one computer, which holds no other beside it. */
  public boolean isWithinComputer() {
    return this == LAPTOP || this == UNIFIED;
  }

  @Override
  public String label() {
    return label;
  }
}
