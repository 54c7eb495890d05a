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
import picocli.CommandLine.Command;

/** {@code qrm configurator}, also {@code qrm-configurator}: a text menu. Choices are numbers or words. */
@Command(name = "configurator", description = "A text menu: basic, plugin, pluginconf.")
final class ConfiguratorCommand implements Callable<Integer> {

    private static final List<String> STEPS = List.of("register", "install", "run_once", "uninstall");

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
            String choice = choose("QRM " + session.rest().account(), new ArrayList<>(menu.keySet()), "quit");
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

    private void plugin() {
        String plugin = choosePlugin(false);
        if (plugin == null) {
            return;
        }
        String step = choose("Plug-in " + plugin, STEPS, "back");
        if (step != null) {
            ObjectNode body = Rest.JSON.createObjectNode().put("action", step.replace('_', '-'));
            new Work(session).await(session.rest().post(PluginCommands.path(plugin) + "/actions", body), null);
        }
    }

    private void pluginConfiguration() {
        String plugin = choosePlugin(true);
        if (plugin != null) {
            new Wizard(session).run(plugin);
        }
    }

    private String choosePlugin(boolean configurable) {
        List<String> ids = new ArrayList<>();
        for (JsonNode plugin : plugins().path("items")) {
            if (!configurable || plugin.path("configurable").asBoolean()) {
                ids.add(plugin.path("id").asText());
            }
        }
        if (ids.isEmpty()) {
            session.out().println(configurable ? "No plug-in asks anything." : "There are no plug-ins.");
            return null;
        }
        return choose("Which plug-in?", ids, "back");
    }

    private JsonNode plugins() {
        return session.rest().get("/plugins");
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

    /** Returns the chosen word, null to leave. */
    private String choose(String title, List<String> words, String leave) {
        session.out().println();
        session.out().println(title);
        for (int i = 0; i < words.size(); i++) {
            session.out().println("  " + (i + 1) + "  " + words.get(i));
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
                if (typed.equals(words.get(i).toLowerCase(Locale.ROOT)) || typed.equals(Integer.toString(i + 1))) {
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
}
