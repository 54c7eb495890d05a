package org.qrm.cli.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a shell offers at the tabulator key, made of the description of the command line. Both shells get the same table:
 * for each place that nouns and verbs lead to, what can come there.
 */
final class Completions {

    private final List<Place> places = new ArrayList<>();

    /**
     * @param paths the words that lead there, in each of their spellings: "", " ve start"
     * @param files whether files of this host can stand there
     */
    private record Place(
            List<String> paths, Map<String, String> words, Map<String, OptionSpec> options, boolean files) {}

    private Completions(CommandLine line) {
        visit(List.of(""), line);
    }

    static Completions of(CommandLine line) {
        return new Completions(line);
    }

    private void visit(List<String> paths, CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        Map<String, String> words = new LinkedHashMap<>();
        Map<CommandLine, List<String>> below = new LinkedHashMap<>();
        line.getSubcommands().forEach((word, sub) -> {
            words.put(word, description(sub.getCommandSpec().usageMessage().description()));
            below.computeIfAbsent(sub, key -> new ArrayList<>()).add(word);
        });
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        spec.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> List.of(option.names()).forEach(name -> options.put(name, option)));
        boolean files = spec.positionalParameters().stream().anyMatch(Completions::isFile);
        places.add(new Place(paths, words, options, files));
        below.forEach((sub, names) -> visit(
                paths.stream()
                        .flatMap(path -> names.stream().map(name -> path + " " + name))
                        .toList(),
                sub));
    }

    String bash() {
        StringBuilder text =
                new StringBuilder("# bash completion for qrm; made by the build\n_qrm_at() {\n    case $1 in\n");
        for (Place place : places) {
            text.append("    ").append(pattern(place)).append(")\n");
            text.append("        words=").append(quoted(String.join(" ", place.words.keySet())));
            text.append(" options=").append(quoted(String.join(" ", place.options.keySet())));
            text.append(" files=").append(place.files ? "yes" : "''").append('\n');
            text.append("        values=").append(quoted(values(place))).append(" ;;\n");
        }
        return text + "    *) return 1 ;;\n    esac\n}\n" + BASH;
    }

    String zsh() {
        StringBuilder text = new StringBuilder("#compdef qrm\n# made by the build\n_qrm_at() {\n    case $1 in\n");
        for (Place place : places) {
            text.append("    (").append(pattern(place)).append(")\n");
            text.append("        words_here=(").append(described(place.words)).append(")\n");
            Map<String, String> options = new LinkedHashMap<>();
            place.options.forEach((name, option) -> options.put(name, description(option.description())));
            text.append("        options_here=(").append(described(options)).append(")\n");
            text.append("        files=").append(place.files ? "yes" : "''").append('\n');
            text.append("        values=").append(quoted(values(place))).append(" ;;\n");
        }
        return text + "    (*) return 1 ;;\n    esac\n}\n" + ZSH;
    }

    /** Options with a value, each with what the value can be: {@code -o=table|json --cacert=<file> --user=}. */
    private static String values(Place place) {
        return place.options.entrySet().stream()
                .filter(option -> option.getValue().arity().max() > 0)
                .map(option -> option.getKey() + "=" + candidates(option.getValue()))
                .collect(Collectors.joining(" ", " ", " "));
    }

    private static String candidates(OptionSpec option) {
        if (isFile(option)) {
            return "<file>";
        }
        Class<?> type = option.typeInfo().getType();
        if (type.isEnum()) {
            List<String> names = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                names.add(constant.toString());
            }
            return String.join("|", names);
        }
        return "";
    }

    private static boolean isFile(ArgSpec argument) {
        return Path.class.isAssignableFrom(argument.typeInfo().getType());
    }

    private static String pattern(Place place) {
        return place.paths.stream().map(Completions::quoted).collect(Collectors.joining(" | "));
    }

    private static String described(Map<String, String> words) {
        return words.entrySet().stream()
                .map(word -> quoted(word.getKey() + ":" + word.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String description(String[] lines) {
        return String.join(" ", lines).replaceAll("\\$\\{[^}]*}", "").strip();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static final String BASH = """

            # the word before an option's value; "=" is a word of its own
            _qrm() {
                local cur=${COMP_WORDS[COMP_CWORD]} path='' option='' word i
                local words options files values
                _qrm_at ''
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $word == = ]]; then
                        continue
                    elif [[ -n $option ]]; then
                        option=''
                    elif [[ $values == *" $word="* ]]; then
                        option=$word
                    elif [[ " $words " == *" $word "* ]]; then
                        path+=" $word"
                        _qrm_at "$path"
                    fi
                done
                [[ $cur == = ]] && cur=''
                if [[ -n $option ]]; then
                    word=${values#*" $option="}
                    word=${word%% *}
                    if [[ $word == '<file>' ]]; then
                        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                    else
                        mapfile -t COMPREPLY < <(compgen -W "${word//|/ }" -- "$cur")
                    fi
                elif [[ $cur == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
                elif [[ -n $files ]]; then
                    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                else
                    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
                fi
            }
            complete -o filenames -F _qrm qrm
            """;

    private static final String ZSH = """

            _qrm() {
                local at='' option='' word files values
                local -a words_here options_here names
                _qrm_at ''
                for word in ${words[2,CURRENT-1]}; do
                    if [[ -n $option ]]; then
                        option=''
                    elif [[ $values == *" $word="* ]]; then
                        option=$word
                    elif (( ${words_here[(I)$word:*]} )); then
                        at+=" $word"
                        _qrm_at "$at"
                    fi
                done
                if [[ -z $option && $PREFIX == --*=* && $values == *" ${PREFIX%%=*}="* ]]; then
                    option=${PREFIX%%=*}
                    compset -P '*='
                fi
                if [[ -n $option ]]; then
                    word=${values#*" $option="}
                    word=${word%% *}
                    if [[ $word == '<file>' ]]; then
                        _files
                    else
                        names=(${(s:|:)word})
                        compadd -a names
                    fi
                elif [[ $PREFIX == -* ]]; then
                    _describe -o option options_here
                elif [[ -n $files ]]; then
                    _files
                else
                    _describe command words_here
                fi
            }
            _qrm "$@"
            """;
}
