<?php
// Puts the proxy into the environment, which php-fpm clears, and runs the file that this one hides.
(static function (): void {
    $proxy = "http://@ADDRESS@";
    $variables = [
        "http_proxy" => $proxy, "HTTPS_PROXY" => $proxy, "https_proxy" => $proxy,
        "NO_PROXY" => "@LOCAL@", "no_proxy" => "@LOCAL@",
        "TWILIO_EMULATOR_URL" => $proxy,
    ];
    foreach ($variables as $name => $value) {
        if (getenv($name, true) === false) { // not one that a web server sends along
            putenv("$name=$value");
        }
    }
})();
$twilio_emulator_hidden = (static function (): ?string {
    $hidden = null;
    $files = array_merge([php_ini_loaded_file()], explode(",", php_ini_scanned_files() ?: ""));
    foreach (array_filter(array_map("trim", $files)) as $file) {
        $said = @parse_ini_file($file, false, INI_SCANNER_RAW);
        $prepended = is_array($said) ? ($said["auto_prepend_file"] ?? null) : null;
        $prepended = $prepended === null ? null : trim($prepended, "'\"");
        if ($prepended !== null && basename($prepended) !== basename(__FILE__)) {
            $hidden = $prepended === "" || $prepended === "none" ? null : $prepended;
        }
    }
    return $hidden;
})();
if ($twilio_emulator_hidden !== null) {
    require $twilio_emulator_hidden;
}
unset($twilio_emulator_hidden);
