package ${package};

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Question;

/** What an administrator is asked, in the console, by qrm-configurator, or over REST. */
@Component
public final class SpareMemoryWizard implements ConfigurationWizard {

    private static final long MOST = 1_048_576;

    @Override
    public String plugin() {
        return SpareMemoryPlugin.ID;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                new Question(
                        Settings.SPARE_MEMORY,
                        "MiB of memory that a machine may have to spare",
                        Question.Type.INTEGER,
                        Settings.DEFAULT_SPARE_MEMORY,
                        true,
                        List.of()),
                new Question(
                        Settings.PRIORITY,
                        "Priority of the event that tells of more",
                        Question.Type.CHOICE,
                        Settings.DEFAULT_PRIORITY,
                        true,
                        List.of("INFO", "WARNING")));
    }

    /** That it is a number has been checked by the question's type. */
    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        long spare = Settings.of(answers).spareMemoryMb();
        return spare >= 0 && spare <= MOST ? Map.of() : Map.of(Settings.SPARE_MEMORY, "Give 0 to " + MOST + " MiB.");
    }
}
