package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Makes the pictures of the README; no name of a test, so that only who asks for it runs it. */
class Screenshots extends PageTest {

  private static final Path IMAGES = Path.of("../docs/images");
  private static final long MOST_BYTES = 250_000;

  @Test
  void light() throws IOException {
    picture("page-light.png", ColorScheme.LIGHT, FITS);
  }

  @Test
  void dark() throws IOException {
    picture("page-dark.png", ColorScheme.DARK, DOES_NOT_FIT);
  }

  private void picture(String name, ColorScheme scheme, String fragment) throws IOException {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    page.setViewportSize(1280, 1180);
    open(fragment);
    settleAll();
    Path file = IMAGES.resolve(name);
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    assertThat(Files.size(file)).isLessThanOrEqualTo(MOST_BYTES);
  }
}
