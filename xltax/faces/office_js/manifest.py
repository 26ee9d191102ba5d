"""Writes the manifest of the Office add-in: what Excel has to know before it loads the add-in."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from xltax.errors import BadValue
from xltax.faces.office_js import icons
from xltax.faces.office_js.functions_json import HELP_PAGE, NAMESPACE

ID = "7d1f3c5a-90b4-4e0b-8f0d-2c6e5a4b1d37"
"""Names this add-in for ever. Another one would be a second add-in in every Excel."""

NEEDS = {"SharedRuntime": "1.1", "CustomFunctionsRuntime": "1.3", "ExcelApi": "1.14"}
"""The parts of Excel's interface that the add-in needs: Excel 2021, Microsoft 365, Excel for the Mac, Excel on the web."""


def checked_address(address: str) -> str:
    """The address without a slash at its end. Excel loads nothing without HTTPS."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BadValue(
            "This is not the address of a folder on an HTTPS site.",
            where=address,
            do="Give the address of the folder, such as https://addins.example.gov/xltax.",
        )
    return address.rstrip("/")


def release() -> str:
    """The version as four numbers, as a manifest has it."""
    numbers = [part for part in version("xltax").split(".") if part.isdigit()][:4]
    return ".".join([*numbers, *["0"] * (4 - len(numbers))])


def manifest(address: str) -> str:
    """The manifest for an add-in at this address."""
    base = checked_address(address)
    page = f"{base}/pane.html"
    icon = {size: f"{base}/{icons.file_name(size)}" for size in icons.SIZES}
    sets = "".join(f'<Set Name="{name}" MinVersion="{least}"/>' for name, least in NEEDS.items())
    more_sets = "".join(f'<bt:Set Name="{name}" MinVersion="{least}"/>' for name, least in NEEDS.items())
    images = "".join(f'<bt:Image size="{size}" resid="Icon.{size}"/>' for size in (16, 32, 80))
    urls = {"Pane.Url": page, "Script.Url": f"{base}/functions.js", "Metadata.Url": f"{base}/functions.json"}
    words = {"Namespace": NAMESPACE, "Group.Label": "xltax", "Open.Label": "Tax office"}
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0" xsi:type="TaskPaneApp">
  <Id>{ID}</Id>
  <Version>{release()}</Version>
  <ProviderName>xltax</ProviderName>
  <DefaultLocale>en-US</DefaultLocale>
  <DisplayName DefaultValue="xltax"/>
  <Description DefaultValue="Functions and tasks for a town tax collector. Everything is calculated on this computer. No data leaves it."/>
  <IconUrl DefaultValue={quoteattr(icon[32])}/>
  <HighResolutionIconUrl DefaultValue={quoteattr(icon[64])}/>
  <SupportUrl DefaultValue={quoteattr(f"{base}/{HELP_PAGE}")}/>
  <AppDomains><AppDomain>{_origin(base)}</AppDomain></AppDomains>
  <Hosts><Host Name="Workbook"/></Hosts>
  <Requirements><Sets DefaultMinVersion="1.1">{sets}</Sets></Requirements>
  <DefaultSettings><SourceLocation DefaultValue={quoteattr(page)}/></DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0">
    <Requirements><bt:Sets DefaultMinVersion="1.1">{more_sets}</bt:Sets></Requirements>
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes><Runtime resid="Pane.Url" lifetime="long"/></Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script><SourceLocation resid="Script.Url"/></Script>
            <Page><SourceLocation resid="Pane.Url"/></Page>
            <Metadata><SourceLocation resid="Metadata.Url"/></Metadata>
            <Namespace resid="Namespace"/>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <FunctionFile resid="Pane.Url"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="TabHome">
              <Group id="xltax.Group">
                <Label resid="Group.Label"/>
                <Icon>{images}</Icon>
                <Control xsi:type="Button" id="xltax.Open">
                  <Label resid="Open.Label"/>
                  <Supertip><Title resid="Open.Label"/><Description resid="Open.Tip"/></Supertip>
                  <Icon>{images}</Icon>
                  <Action xsi:type="ShowTaskpane"><SourceLocation resid="Pane.Url"/></Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>{"".join(f'<bt:Image id="Icon.{size}" DefaultValue={quoteattr(icon[size])}/>' for size in (16, 32, 80))}</bt:Images>
      <bt:Urls>{"".join(f'<bt:Url id="{name}" DefaultValue={quoteattr(text)}/>' for name, text in urls.items())}</bt:Urls>
      <bt:ShortStrings>{"".join(f'<bt:String id="{name}" DefaultValue={quoteattr(text)}/>' for name, text in words.items())}</bt:ShortStrings>
      <bt:LongStrings><bt:String id="Open.Tip" DefaultValue="Opens the tasks of the tax office."/></bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
"""


def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"
