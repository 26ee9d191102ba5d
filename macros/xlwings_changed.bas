Public Function RunPython(PythonCommand As String)
    ' Runs a task of the ribbon, and nothing else. A formula in any open workbook could call this function. So could a
    ' picture that somebody clicks. Neither may start a task or pass a command of its own.
    Const HEAD As String = "import xltax.faces.excel_buttons as buttons; buttons.press('"
    Const TAIL As String = "')"
    Dim taskName As String
    RunPython = -1
    If TypeName(Application.Caller) = "Range" Or TypeName(Application.Caller) = "String" Then Exit Function
    If Len(PythonCommand) <= Len(HEAD) + Len(TAIL) Then Exit Function
    If Left$(PythonCommand, Len(HEAD)) <> HEAD Or Right$(PythonCommand, Len(TAIL)) <> TAIL Then Exit Function
    taskName = Mid$(PythonCommand, Len(HEAD) + 1, Len(PythonCommand) - Len(HEAD) - Len(TAIL))
    If taskName Like "*[!a-z0-9-]*" Then Exit Function
    On Error GoTo Failed
    XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", XltaxBook()
    XLPy.Exec PythonCommand
    RunPython = 0
    Exit Function
Failed:
    MsgBox Err.Description, vbCritical, "xltax"
End Function

Private Function XLPyCommand() As String
    ' The command has the full path of the program, and no part of a workbook, not even its name: a name with ^& could run
    ' a command. -P: Python loads no module from Excel's current folder. -E: Python ignores its environment variables.
    XLPyCommand = Chr$(34) & XltaxPython() & Chr$(34) & " -B -E -P -c ""import os, sys; os.chdir(sys.prefix); " & _
        "import xlwings; xlwings.serve('$(CLSID)')"""
End Function

Private Function XltaxPython() As String
    ' Returns the Python that the user's own settings name. The settings must give a full path. Windows would also look for
    ' a bare name, and for its DLL, in the folder of the workbook.
    XltaxPython = GetConfig("INTERPRETER_WIN")
    If Not (XltaxPython Like "[A-Za-z]:\?*" Or XltaxPython Like "\\?*") Then
        Err.Raise 1000, Description:="Your settings do not have the full path of Python. Run: xltax install"
    End If
End Function

Private Sub XLPyLoadDLL()
    Dim folder As String
    folder = ParentFolder(XltaxPython())
    If LoadLibrary(folder + "\" + XLPyDLLName) = 0 Then ' Standard installation
        If LoadLibrary(ParentFolder(folder) + "\" + XLPyDLLName) = 0 Then ' Virtual environment
            Err.Raise 1000, Description:="Could not load " + XLPyDLLName + " from " + folder + " or the folder above it. " + _
                "Run: xltax doctor"
        End If
    End If
End Sub

Private Function GetConfigFilePath() As String
    If Environ("USERPROFILE") = "" Then Exit Function
    GetConfigFilePath = Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"
End Function

Private Function GetConfig(configKey As String, Optional default As String = "", Optional source As String = "") As Variant
    ' Reads only the user's own settings file. A stranger may have written a sheet of a workbook, or a file beside it.
    Dim configValue As String
    GetConfig = default
    If source = "" Or source = "user" Then
        If FileExists(GetConfigFilePath()) = True Then
            If GetConfigFromFile(GetConfigFilePath(), configKey, configValue) Then GetConfig = configValue
        End If
    End If
    GetConfig = ExpandEnvironmentStrings(GetConfig)
End Function
