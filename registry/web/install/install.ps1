# Installs progy, which starts programming courses, for this user only. It comes from @ORIGIN@.
# With a current Node.js: the package. Without: a standalone program, if there is one for this system.
# To update progy, run this again. To remove it, delete the folder %LOCALAPPDATA%\progy.

# Called by the last line, so that a script that arrives in part does nothing.
function Install-Progy {
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
  $origin = '@ORIGIN@'
  $version = '@VERSION@'
  # Hex sha512 of the package.
  $sha512 = '@SHA512@'
  # One line for each system: its name, the file, its hex sha256.
  $programs = '@PROGRAMS@'

  $root = Join-Path $env:LOCALAPPDATA 'progy'
  $bin = Join-Path $root 'bin'
  $work = Join-Path $root ('install-' + [Guid]::NewGuid().ToString('N'))
  $line = $programs -split "`n" | Where-Object { $_ -like 'windows-x64 *' } | Select-Object -First 1
  $node = Find-CurrentNode

  if (-not $node -and (-not $line -or $env:PROCESSOR_ARCHITECTURE -ne 'AMD64')) {
    Write-Host 'error progy needs Node.js 22.22 or newer, and there is none on this computer.'
    Write-Host 'Next: winget install OpenJS.NodeJS.LTS'
    return
  }
  New-Item -ItemType Directory -Force -Path $bin, $work | Out-Null
  try {
    Write-Host "Getting progy $version from $origin"
    if ($node) {
      $file = Join-Path $work 'cli.tgz'
      Invoke-WebRequest -UseBasicParsing -Uri "$origin/progy.tgz" -OutFile $file
      Assert-Hash $file 'SHA512' $sha512
      & tar.exe -xzf $file -C $work
      if ($LASTEXITCODE -ne 0) { throw 'The package cannot be unpacked.' }
      $target = Join-Path $root 'cli'
      if (Test-Path $target) { Move-Item $target (Join-Path $work 'old') }
      Move-Item (Join-Path $work 'package') $target
      Remove-Item -Force -ErrorAction SilentlyContinue (Join-Path $bin 'progy.exe')
      Set-Content -Encoding ASCII -Path (Join-Path $bin 'progy.cmd') -Value "@node `"%~dp0..\cli\progy.js`" %*"
    } else {
      $name, $program, $sha256 = $line.Trim() -split ' '
      $file = Join-Path $work 'progy.gz'
      Invoke-WebRequest -UseBasicParsing -Uri "$origin/executables/$program" -OutFile $file
      Assert-Hash $file 'SHA256' $sha256
      Expand-GZip $file (Join-Path $work 'progy.exe')
      Move-Item -Force (Join-Path $work 'progy.exe') (Join-Path $bin 'progy.exe')
      Remove-Item -Force -ErrorAction SilentlyContinue (Join-Path $bin 'progy.cmd')
    }
  } finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $work
  }
  Write-Host "progy $version is installed in $bin"
  if (($env:Path -split ';') -contains $bin) {
    Write-Host 'Next: progy --help'
  } else {
    Write-Host "Next: [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$bin', 'User')"
    Write-Host 'Then open a new window.'
  }
}

# 22.22 or newer, as progy itself checks.
function Find-CurrentNode {
  if (-not (Get-Command node -ErrorAction SilentlyContinue)) { return $false }
  & node -e "var v = process.versions.node.split('.'); process.exit(+v[0] > 22 || (+v[0] === 22 && +v[1] >= 22) ? 0 : 1)"
  return $LASTEXITCODE -eq 0
}

function Assert-Hash($file, $algorithm, $expected) {
  if ((Get-FileHash -Algorithm $algorithm -Path $file).Hash -ne $expected) {
    throw 'What arrived is not what the registry has. Nothing was installed. Try again.'
  }
}

function Expand-GZip($from, $to) {
  $in = [IO.File]::OpenRead($from)
  $gzip = New-Object IO.Compression.GZipStream($in, [IO.Compression.CompressionMode]::Decompress)
  $out = [IO.File]::Create($to)
  try { $gzip.CopyTo($out) } finally { $out.Close(); $gzip.Close(); $in.Close() }
}

Install-Progy
