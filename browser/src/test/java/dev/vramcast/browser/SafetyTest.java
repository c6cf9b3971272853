package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hostile names, errors, and a page that asks nobody but its server. */
class SafetyTest extends PageTest {

  private static final String SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>";

  @Test
  void script_in_a_model_name_is_shown_as_text() {
    mayBeInTheConsole("status of 4");
    page.onDialog(dialog -> console.add("a dialog: " + dialog.message()));
    open(FITS);
    label("Catalogue name or Hub id").fill(SCRIPT);
    label("Catalogue name or Hub id").press("Enter");
    settle();
    expect(page.locator("#messages [data-severity=error]")).containsText("<img src=x");
    assertThat(page.locator("main img, main script").count()).isZero();
  }

  @Test
  void script_in_a_file_and_its_name_is_shown_as_text() {
    mayBeInTheConsole("status of 4");
    page.onDialog(dialog -> console.add("a dialog: " + dialog.message()));
    open(FITS);
    drop(
        "a" + SCRIPT.replace("/", "") + ".yml",
        "base_model: Qwen/Qwen2.5-0.5B\nadapter: lora\n\"" + SCRIPT + "\": 1\n");
    settle();
    expect(page.locator("#file-list")).containsText("<img src=x");
    assertThat(page.locator("#layout img, #layout script").count()).isZero();
  }

  @Test
  void script_in_an_address_is_shown_as_text() {
    open(FITS + "&%3Cscript%3Ealert(1)%3C/script%3E=1");
    expect(page.locator("#messages")).containsText("<script>alert(1)</script>");
  }

  @Test
  void nobody_but_the_server_is_asked() {
    open(FITS);
    settleAll();
    open(DOES_NOT_FIT);
    settleAll();
    assertThat(requests)
        .isNotEmpty()
        .filteredOn(request -> !request.startsWith("blob:") && !request.startsWith("about:"))
        .allMatch(request -> request.startsWith(url()));
  }

  @Test
  void the_policy_forbids_all_that_the_page_does_not_need() {
    Response response = page.navigate(url());
    Map<String, String> headers = response.allHeaders();
    assertThat(headers.get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void an_error_names_what_is_allowed_and_the_last_answer_stays_dimmed() {
    mayBeInTheConsole("status of 4");
    open(FITS + "&lora.rank=0");
    expect(page.locator("#messages [data-severity=error]")).containsText("adapters is 0");
    page.locator("[id='knob-lora.rank']").fill("8");
    page.locator("[id='knob-lora.rank']").press("Enter");
    settle();
    expect(page.locator("#messages [data-severity=error]")).hasCount(0);
    expect(verdict()).hasText("fits");
    page.locator("[id='knob-lora.rank']").fill("many");
    page.locator("[id='knob-lora.rank']").press("Enter");
    settle();
    expect(page.locator("#messages [data-severity=error]")).containsText("many");
    expect(page.locator("[id='knob-lora.rank']")).hasAttribute("aria-invalid", "true");
    expect(page.locator("main.is-stale")).hasCount(1);
  }

  @Test
  void a_server_that_is_gone_is_said_to_be() {
    mayBeInTheConsole("ERR_INTERNET_DISCONNECTED");
    open(FITS);
    settleAll();
    context.setOffline(true);
    label("Method").selectOption("lora");
    expect(page.locator("#messages [data-severity=error]")).containsText("does not answer");
    context.setOffline(false);
  }
}
