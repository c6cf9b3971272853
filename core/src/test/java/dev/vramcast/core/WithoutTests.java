package dev.vramcast.core;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the classes of tests, those that a module's jar of tests brings too. */
public final class WithoutTests implements ImportOption {

  private static final ImportOption FOLDERS = new DoNotIncludeTests();

  @Override
  public boolean includes(Location location) {
    return FOLDERS.includes(location) && !location.contains("-tests.jar");
  }
}
