package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;

/** {@code qrm configurator}, also {@code qrm-configurator}: a text menu. Choices are numbers or words. */
@Command(name = "configurator", description = "A text menu: basic, plugin, pluginconf.")
final class ConfiguratorCommand implements Callable<Integer> {

    private static final String CONFIGURE = "configure";

    private final Session session;

    // of the last thing that failed: a script that types must notice
    private int status;

    ConfiguratorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Map<String, Runnable> menu = new LinkedHashMap<>();
        menu.put("basic", this::basic);
        menu.put("plugin", this::plugin);
        menu.put("pluginconf", this::pluginConfiguration);
        while (true) {
            String choice = choose("QRM " + session.rest().account(), List.copyOf(menu.keySet()), "quit");
            if (choice == null) {
                return status;
            }
            withoutLeaving(menu.get(choice));
        }
    }

    private void basic() {
        session.screen().item(session.rest().get("/server"));
        session.out()
                .println("Settings of the server (address, ports, data directory, database) are in etc/qrm.cfg of its"
                        + " distribution; they are read when it starts.");
    }

    /** Stays at the plug-in until one leaves it: a life cycle has several steps. */
    private void plugin() {
        String plugin = choosePlugin(false);
        while (plugin != null) {
            JsonNode now = session.rest().get(path(plugin));
            String step = choose("Plug-in " + plugin + " is " + standing(now), steps(now), "back");
            if (step == null) {
                return;
            }
            String chosen = plugin;
            withoutLeaving(() -> take(chosen, step));
        }
    }

    /** What leads somewhere, as the server sees it. */
    private static List<String> steps(JsonNode plugin) {
        List<String> steps = new ArrayList<>();
        boolean asks = plugin.path("configurable").asBoolean();
        if (asks && !plugin.path("state").asText().equals("available")) {
            steps.add(CONFIGURE);
        }
        plugin.path("actions").forEach(action -> steps.add(action.asText().replace('-', '_')));
        return steps;
    }

    private static String standing(JsonNode plugin) {
        return plugin.path("state").asText()
                + (plugin.path("unanswered").isEmpty() ? "" : ", and needs configuration")
                + (plugin.path("present").asBoolean() ? "" : ", and its bundle is away");
    }

    private void take(String plugin, String step) {
        if (step.equals(CONFIGURE)) {
            ended(new Wizard(session).run(plugin));
            return;
        }
        ObjectNode body = Rest.JSON.createObjectNode().put("action", step.replace('_', '-'));
        ended(session.work().await(session.rest().post(path(plugin) + "/actions", body), null));
    }

    private void pluginConfiguration() {
        String plugin = choosePlugin(true);
        if (plugin != null) {
            ended(new Wizard(session).run(plugin));
        }
    }

    private void ended(int how) {
        status = how == 0 ? status : how;
    }

    private String choosePlugin(boolean configurable) {
        Map<String, String> states = new LinkedHashMap<>();
        for (JsonNode plugin : session.rest().get("/plugins").path("items")) {
            if (!configurable || plugin.path("configurable").asBoolean()) {
                states.put(plugin.path("id").asText(), standing(plugin));
            }
        }
        if (states.isEmpty()) {
            session.out().println(configurable ? "No plug-in asks anything." : "There are no plug-ins.");
            return null;
        }
        return choose("Which plug-in?", states, "back");
    }

    /** A fault ends what was chosen, not the menu; the end of the input ends both. */
    private void withoutLeaving(Runnable chosen) {
        try {
            chosen.run();
        } catch (Failure e) {
            if (e.status() == Failure.UNREACHABLE || e.status() == Failure.AUTHENTICATION) {
                throw e;
            }
            session.out().println(e.getMessage());
            status = e.status();
        }
    }

    private String choose(String title, List<String> words, String leave) {
        Map<String, String> bare = new LinkedHashMap<>();
        words.forEach(word -> bare.put(word, ""));
        return choose(title, bare, leave);
    }

    /**
     * Returns the chosen word, null to leave.
     *
     * @param notes what stands beside each word
     */
    private String choose(String title, Map<String, String> notes, String leave) {
        List<String> words = List.copyOf(notes.keySet());
        int width = words.stream().mapToInt(String::length).max().orElse(0);
        session.out().println();
        session.out().println(title);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            session.out()
                    .println(("  " + (i + 1) + "  " + word + " ".repeat(width - word.length()) + "  " + notes.get(word))
                            .stripTrailing());
        }
        session.out().println("  q  " + leave);
        while (true) {
            session.out().print("> ");
            session.out().flush();
            String typed = line();
            if (typed == null || typed.equals("q") || typed.equals(leave)) {
                return null;
            }
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i).toLowerCase(Locale.ROOT);
                if (typed.replace('-', '_').equals(word.replace('-', '_')) || typed.equals(Integer.toString(i + 1))) {
                    return words.get(i);
                }
            }
            if (!typed.isEmpty()) {
                session.out().println("Type one of the numbers or words above.");
            }
        }
    }

    private String line() {
        try {
            String line = session.in().readLine();
            return line == null ? null : line.strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return null;
        }
    }

    private static String path(String plugin) {
        return "/plugins/" + Far.encoded(plugin);
    }
}
