package org.qrm.itests.brought;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Question;

/** A plug-in that asks what the header {@code Test-Questions} of its bundle names: texts that must be answered. */
public final class AskingPlugin implements BundleActivator, Plugin, ConfigurationWizard {

    private List<Question> questions = List.of();

    @Override
    public void start(BundleContext context) {
        questions = Stream.of(
                        context.getBundle().getHeaders("").get("Test-Questions").split(","))
                .map(name -> new Question(
                        name, "What is the " + name + " of the site?", Question.Type.TEXT, "", true, List.of()))
                .toList();
        context.registerService(Plugin.class, this, null);
        context.registerService(ConfigurationWizard.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public String id() {
        return "asking";
    }

    @Override
    public String plugin() {
        return id();
    }

    @Override
    public String description() {
        return "Asks";
    }

    @Override
    public List<Question> questions() {
        return questions;
    }
}
