package org.qrm.itests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whether people who see or point badly can use a page: the rules of WCAG 2.1, levels A and AA, that axe-core can check. */
final class Accessibility {

    private static final String CHECK = "axe.run(document, {resultTypes: ['violations'],"
            + " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(found => found.violations.flatMap(rule =>"
            + " rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`)))";

    private final Browser browser;
    private final String script;

    Accessibility(Browser browser) throws IOException {
        this.browser = browser;
        try (InputStream in = Accessibility.class.getResourceAsStream(System.getProperty("axe"))) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What is wrong with the page that is shown, in light and in dark; empty when nothing is. */
    List<String> violations() throws Exception {
        browser.eval("if (!window.axe) {" + script + "}");
        List<String> all = new ArrayList<>();
        for (String theme : List.of("light", "dark")) {
            browser.eval("document.documentElement.dataset.bsTheme = '" + theme + "'");
            for (JsonNode each : browser.eval(CHECK)) {
                all.add(theme + ": " + each.asText());
            }
        }
        return all;
    }
}
